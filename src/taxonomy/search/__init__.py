"""Search: names, synonyms, codes and what things are, in one file beside each release.

The index is made from the sealed store after the release is in service, and can be made again at any time. It holds
nothing that the release does not.
"""
