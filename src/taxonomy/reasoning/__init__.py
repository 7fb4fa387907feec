"""What follows from the facts: the axioms of the ontology, and rules compiled from them."""
