"""What an incident's texts claim of a race and its championships, and whether results and tables bear it out.

`wording` knows who is meant and how figures are written; `points` and `places` find claims in a text; `records` is what
is known of a race, `claim` what can be claimed and how it is checked against that. What has another shape than they
know is passed over: nothing is guessed.
"""
