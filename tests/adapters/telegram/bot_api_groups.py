"""What the Bot API tells of a group and of its people."""

from typing import Any

RIGHTS = (
    "is_anonymous",
    "can_be_edited",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)
FREEDOMS = (
    "is_member",
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)
GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
ADMINS = ("creator", "administrator")


def group(chat: int, permissions: dict[str, Any] | None, kind: str = "supergroup") -> dict[str, Any]:
    """A group or channel in full; `permissions` are what plain members may do, where that is told."""
    about = {"id": chat, "type": kind, "accent_color_id": 0, "max_reaction_count": 1}
    told = {"permissions": permissions} if permissions is not None else {}
    return {**about, "accepted_gift_types": dict.fromkeys(GIFTS, False), **told}


def member(person: dict[str, Any], status: str, rights: dict[str, Any]) -> dict[str, Any]:
    """A person in a group; `rights` are those that differ from what is usual for their status."""
    usual: dict[str, Any] = {}
    if status in ADMINS:
        usual = dict.fromkeys(RIGHTS, False)
    elif status == "restricted":
        usual = {**dict.fromkeys(FREEDOMS, True), "until_date": 0}
    elif status == "kicked":
        usual = {"until_date": 0}
    return {"status": status, "user": person, **usual, **rights}
