//! The pages over HTTP, through the very app that is served, without a grader:
//! judgements are leased and recorded here, so that what a report holds is known.

mod access;
mod accounts;
mod attempts;
mod browser;
mod coaching;
mod final_choice;
mod forged;
mod hints;
mod hostile;
mod language;
mod rejudging;
mod site;
mod statements;
mod submitting;
mod uploading;
mod variants;
