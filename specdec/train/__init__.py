"""Training of the embedded models, from texts to exported folders: corpus, tokenizer, language models, heads,
cards."""
