"""A named question in, a table out: question files, typed values put into them, and answers in every format."""
