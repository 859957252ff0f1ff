"""Feeds: what the race tells us."""


class FeedError(Exception):
    """A feed gave no answer, or none that can be trusted; the same question may be answered later."""


class QuestionFailedError(FeedError):
    """One question was refused, or its answer cannot be trusted; the feed is there, and may well answer others."""
