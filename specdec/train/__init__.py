"""How the embedded models are made: corpus, tokenizer, language model, export."""
