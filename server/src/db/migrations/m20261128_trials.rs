//! What a coach types, opens and draws while trying a version is kept apart from what
//! they have of the problem that everybody sees.
//!
//! The version becomes a part of the primary keys, so the tables are made anew. Their
//! rows are of the present version: the empty text.

use super::m20261124_first_line::{References, big, int, table, text};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

/// A table as it was and as it becomes: its keys after user and problem, and the rest.
struct Rebuilt {
    name: &'static str,
    keys: Vec<ColumnDef>,
    rest: Vec<ColumnDef>,
}

fn tables() -> [Rebuilt; 3] {
    [
        Rebuilt {
            name: "drafts",
            keys: vec![],
            rest: vec![text("content_json"), big("saved_at_ms")],
        },
        Rebuilt {
            name: "opened_hints",
            keys: vec![int("number")],
            rest: vec![
                text("pack_hash"),
                int("cost_hundredths"),
                big("opened_at_ms"),
            ],
        },
        Rebuilt {
            name: "drawn_variants",
            keys: vec![],
            rest: vec![int("draws"), big("drawn_at_ms")],
        },
    ]
}

impl Rebuilt {
    async fn rebuild(self, manager: &SchemaManager<'_>, with_trial: bool) -> Result<(), DbErr> {
        let old = format!("{}_before", self.name);
        let rename = Table::rename()
            .table(Alias::new(self.name), Alias::new(&old))
            .take();
        manager.rename_table(rename).await?;
        let mut columns = vec![text("user_id"), text("slug")];
        columns.extend(self.keys);
        let mut keys = columns.len();
        let own: Vec<String> = columns
            .iter()
            .chain(&self.rest)
            .map(ColumnDef::get_column_name)
            .collect();
        if with_trial {
            columns.push(text("trial"));
            keys += 1;
        }
        columns.extend(self.rest);
        let made = table(self.name, keys, columns).references("user_id", "users", "id");
        manager.create_table(made).await?;
        let (name, own) = (self.name, own.join(", "));
        let copy = match with_trial {
            true => format!("INSERT INTO {name} ({own}, trial) SELECT {own}, '' FROM {old}"),
            false => format!("INSERT INTO {name} ({own}) SELECT {own} FROM {old} WHERE trial = ''"),
        };
        manager.get_connection().execute_unprepared(&copy).await?;
        manager
            .drop_table(Table::drop().table(Alias::new(&old)).take())
            .await
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    /// Half of it must not stay; and another connection may remember a table that this
    /// one has just renamed.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for one in tables() {
            one.rebuild(manager, true).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for one in tables() {
            one.rebuild(manager, false).await?;
        }
        Ok(())
    }
}
