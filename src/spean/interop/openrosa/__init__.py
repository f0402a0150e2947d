"""OpenRosa 1.0, as ODK Collect and KoboCollect speak it (docs.getodk.org/openrosa)."""
