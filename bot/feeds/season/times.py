"""The shapes of times in results: what a lap, a race, or a gap takes."""

import re

LAP_TIME = re.compile(r"([0-9]{1,2}:)?[0-5]?[0-9]\.[0-9]{1,3}")
RACE_TIME = re.compile(r"\+?(([0-9]{1,2}:)?[0-5]?[0-9]:[0-5]?[0-9]|[0-9]{1,3})(\.[0-9]{1,3})?")
