//! Verdicts of other people's validators, recorded, against ours.
