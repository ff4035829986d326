//! How the database came to be, step by step. In production they only go
//! forward: expand, fill, contract.

mod m20261124_first_line;
mod m20261124_opened_hints;
mod m20261125_final_submissions;
mod m20261125_pack_versions;
mod m20261127_opened_parts;
mod m20261127_variants;
mod m20261128_judgement_outcomes;
mod m20261128_trials;
mod m20261128_uploads;

use sea_orm_migration::prelude::*;

pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261124_first_line::Migration),
            Box::new(m20261124_opened_hints::Migration),
            Box::new(m20261125_pack_versions::Migration),
            Box::new(m20261125_final_submissions::Migration),
            Box::new(m20261127_opened_parts::Migration),
            Box::new(m20261127_variants::Migration),
            Box::new(m20261128_uploads::Migration),
            Box::new(m20261128_judgement_outcomes::Migration),
            Box::new(m20261128_trials::Migration),
        ]
    }
}
