"""Who is who: comparing keys in person (trust.py), certifying members, attesting the profile (DESIGN §3.4)."""
