"""Pages of locations: everyone signed in may browse; an administrator takes in files."""
