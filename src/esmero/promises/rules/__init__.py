"""Pure decisions about promises: business time, due times, wording, forecast. No Django here."""
