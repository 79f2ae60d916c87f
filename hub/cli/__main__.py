"""`python -m hub.cli` is `mesa`."""

import sys

from hub.cli import main

sys.exit(main())
