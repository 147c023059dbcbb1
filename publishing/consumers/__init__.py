"""Who follows the feed with a key of his own, and what he says that he has taken back."""
