//! `gradien`: the pages, the database and the queue.
//!
//! Dependencies run one way: `pages` and `api` call [`services`], which call
//! [`db`]; [`worker`] calls `services`. Only `pages` and `api` know the web
//! framework, only `db` builds queries, and nothing here runs a submission:
//! [`worker`] hands it to a grader in another process.

pub mod api;
pub mod cli;
pub mod config;
pub mod db;
pub mod i18n;
pub mod ids;
pub mod pages;
pub mod render;
pub mod services;
pub mod worker;

#[cfg(test)]
mod testing;
