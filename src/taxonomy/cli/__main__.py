"""``python -m taxonomy.cli`` is ``svssv``."""

from taxonomy.cli import main

main(prog_name="svssv")
