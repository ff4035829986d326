# expect: Exception SystemExit

import sys

sys.exit(0)
