"""SVSSV: an open taxonomy and knowledge graph of specialist sexual violence services in England."""
