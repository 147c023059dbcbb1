"""Changes told to whoever wants to be called, by the Standard Webhooks specification."""
