//! The tables, one file each. `migrations` says the same to the database; a test
//! compares them.

pub mod admin_link;
pub mod draft;
pub mod drawn_variant;
pub mod final_submission;
pub mod judgement;
pub mod opened_hint;
pub mod opened_part;
pub mod pack;
pub mod problem;
pub mod refresh_token;
pub mod rejudge;
pub mod session;
pub mod submission;
pub mod subtask_result;
pub mod upload;
pub mod user;
