"""`python -m site_builder` is `python build.py`."""

import sys

from site_builder import bootstrap

if __name__ == "__main__":
    sys.exit(bootstrap.main())
