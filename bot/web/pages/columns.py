"""What each column of the open data means."""

from bot.i18n import marked

MEANINGS = {
    "incident": marked("the incident's id, which stays"),
    "kind": marked("told: somebody has told its story; noted: race control noted it, nobody is guilty before a ruling"),
    "title": marked("who and where"),
    "season": marked("the championship's year"),
    "date": marked("the day of the incident"),
    "race": marked("the race weekend's name in that year"),
    "circuit": marked("the circuit's id"),
    "session": marked("race, sprint, qualifying or practice"),
    "lap": marked("in which lap"),
    "laps": marked("of how many laps"),
    "place": marked("where on the track"),
    "suspects": marked("ids of those who may be blamed, in the poll's order"),
    "names": marked("their names, in the same order"),
    "teams": marked("their teams then, in the same order"),
    "ruling_by": marked("who ruled; this and all below on rulings is empty where there was no ruling"),
    "ruling_date": marked("when; of a noted incident by the clocks at the track"),
    "ruling": marked("the decision in a line"),
    "at_fault": marked("ids of those whom the ruling blames; empty where it blames nobody"),
    "ruling_link": marked("where the ruling can be read"),
    "reviews": marked("what was made of it later, each with its date, by whom, and the decision"),
    "replaced": marked("rulings on a noted incident that stood before this one, the latest first"),
    "question": marked("blame: who was to blame? rating: did they get it right?"),
    "choice": marked("the answer's id"),
    "side": marked("what the answer amounts to: a suspect's id or racing-incident; too-lenient, correct or too-harsh"),
    "votes_before_ruling": marked("votes cast until the ruling was known; empty for ratings"),
    "votes_after_ruling": marked("votes cast later; 0 where nothing was ruled; empty for ratings"),
    "votes": marked("all of them"),
}
"""By the columns' names."""
