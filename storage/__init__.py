"""What is kept: the incidents that ship with the bot, and the database of votes, posts and chats."""
