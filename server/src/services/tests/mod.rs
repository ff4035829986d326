//! The services on a real database in a folder of their own.

mod accounts;
mod queue;
mod rejudges;
mod sessions;
mod submitting;
mod versions;
