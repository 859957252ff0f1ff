from bot.forms.secret import Secret


def test_a_secret_is_seen_by_nobody_who_does_not_ask() -> None:
    secret = Secret("box box")
    assert "box" not in f"{secret} {secret!r} {[secret]}"
    assert secret.revealed() == "box box"
    assert len(secret) == 7
    assert {secret, Secret("box box"), Secret("push")} == {secret, Secret("push")}
