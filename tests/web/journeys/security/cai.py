"""How Cai signs in."""

PASSWORD = "three unrelated words"
EMAIL = "cai@pike.example"
