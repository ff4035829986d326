//! What several pages and the event stream share: each is a struct that a
//! template of `templates/parts/` prints, made from the domain's types.

pub mod diagnosis;
pub mod field_form;
pub mod handed_in;
pub mod heat;
pub mod hints;
pub mod message;
pub mod network;
pub mod pending;
pub mod proof;
pub mod rejudge_state;
pub mod report;
pub mod row;
pub mod run;
pub mod steps;
pub mod upload;
pub mod upload_state;
pub mod value;
pub mod verdict;
