"""The Telegram side: everything that knows what an Update is, and how Telegram says what we want to say."""
