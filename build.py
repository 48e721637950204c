"""Start site-builder from this folder: `python3 build.py [command] [options]`.

Any Python can parse this file, so that an old one gets one clear line and not a syntax error.
"""

import os
import sys

if __name__ == "__main__":
    if sys.version_info < (3, 11):
        message = "site-builder: needs Python 3.11 or newer; %s is Python %d.%d\n"
        sys.stderr.write(message % (sys.executable, sys.version_info[0], sys.version_info[1]))
        sys.exit(2)
    here = os.path.dirname(os.path.abspath(__file__))
    if here not in sys.path:
        sys.path.insert(0, here)
    from site_builder import bootstrap

    sys.exit(bootstrap.main())
