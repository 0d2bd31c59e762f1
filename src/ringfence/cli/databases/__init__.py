"""The databases of a deployment: standing in one of them, its tables up to date, its secrets sealed anew."""
