//! Accounts, packs, submissions and their judgements.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

/// In the order of creation; each refers to earlier ones alone.
const TABLES: [&str; 10] = [
    "users",
    "admin_links",
    "sessions",
    "refresh_tokens",
    "packs",
    "problems",
    "submissions",
    "judgements",
    "subtask_results",
    "drafts",
];

pub(super) fn text(name: &'static str) -> ColumnDef {
    let mut column = ColumnDef::new(Alias::new(name));
    column.text().not_null();
    column
}

pub(super) fn text_null(name: &'static str) -> ColumnDef {
    let mut column = ColumnDef::new(Alias::new(name));
    column.text().null();
    column
}

pub(super) fn int(name: &'static str) -> ColumnDef {
    let mut column = ColumnDef::new(Alias::new(name));
    column.integer().not_null();
    column
}

pub(super) fn big(name: &'static str) -> ColumnDef {
    let mut column = ColumnDef::new(Alias::new(name));
    column.big_integer().not_null();
    column
}

pub(super) fn big_null(name: &'static str) -> ColumnDef {
    let mut column = ColumnDef::new(Alias::new(name));
    column.big_integer().null();
    column
}

/// A table whose first `keys` columns are its primary key.
pub(super) fn table(
    name: &'static str,
    keys: usize,
    columns: Vec<ColumnDef>,
) -> TableCreateStatement {
    let mut table = Table::create();
    table.table(Alias::new(name));
    let mut primary = Index::create();
    for (at, column) in columns.into_iter().enumerate() {
        if at < keys {
            primary.col(Alias::new(column.get_column_name()));
        }
        table.col(column);
    }
    table.primary_key(&mut primary);
    table
}

pub(super) trait References {
    fn references(self, column: &'static str, table: &'static str, key: &'static str) -> Self;
}

impl References for TableCreateStatement {
    fn references(mut self, column: &'static str, table: &'static str, key: &'static str) -> Self {
        let from = self.get_table_name().cloned();
        let mut foreign = ForeignKey::create();
        if let Some(from) = from {
            foreign.from_tbl(from);
        }
        foreign
            .from_col(Alias::new(column))
            .to(Alias::new(table), Alias::new(key))
            .on_delete(ForeignKeyAction::Cascade);
        self.foreign_key(&mut foreign);
        self
    }
}

fn tables() -> Vec<TableCreateStatement> {
    let mut username = text("username");
    username.unique_key();
    vec![
        table(
            "users",
            1,
            vec![
                text("id"),
                username,
                text("display_name"),
                text("password_hash"),
                text("role"),
                text("language"),
                text("zone"),
                text("theme"),
                big("created_at_ms"),
            ],
        ),
        table("admin_links", 1, vec![text("hash"), big("created_at_ms")]),
        table(
            "sessions",
            1,
            vec![
                text("id"),
                text("user_id"),
                big("created_at_ms"),
                big_null("revoked_at_ms"),
            ],
        )
        .references("user_id", "users", "id"),
        table(
            "refresh_tokens",
            1,
            vec![
                text("hash"),
                text("session_id"),
                big("created_at_ms"),
                big("expires_at_ms"),
                big_null("used_at_ms"),
            ],
        )
        .references("session_id", "sessions", "id"),
        table(
            "packs",
            1,
            vec![
                text("hash"),
                text("slug"),
                big("installed_at_ms"),
                text("state"),
                text_null("samples_json"),
            ],
        ),
        table(
            "problems",
            1,
            vec![text("slug"), text("pack_hash"), big("updated_at_ms")],
        )
        .references("pack_hash", "packs", "hash"),
        table(
            "submissions",
            1,
            vec![
                text("id"),
                text("user_id"),
                text("slug"),
                text("pack_hash"),
                text("content_json"),
                big("submitted_at_ms"),
                big_null("judged_at_ms"),
                text_null("verdict"),
                int("score_hundredths"),
                int("max_score_hundredths"),
            ],
        )
        .references("user_id", "users", "id")
        .references("pack_hash", "packs", "hash"),
        table(
            "judgements",
            1,
            vec![
                text("id"),
                text("submission_id"),
                int("class"),
                big("queued_at_ms"),
                text("state"),
                big("not_before_ms"),
                int("attempts"),
                int("leases"),
                text_null("worker"),
                big_null("lease_expires_at_ms"),
                big("fencing"),
                big_null("done_at_ms"),
                text_null("report_json"),
            ],
        )
        .references("submission_id", "submissions", "id"),
        table(
            "subtask_results",
            2,
            vec![
                text("submission_id"),
                text("subtask"),
                int("score_hundredths"),
            ],
        )
        .references("submission_id", "submissions", "id"),
        table(
            "drafts",
            2,
            vec![
                text("user_id"),
                text("slug"),
                text("content_json"),
                big("saved_at_ms"),
            ],
        )
        .references("user_id", "users", "id"),
    ]
}

const INDEXES: [(&str, &str, &[&str]); 5] = [
    ("sessions_of_user", "sessions", &["user_id"]),
    (
        "refresh_tokens_of_session",
        "refresh_tokens",
        &["session_id"],
    ),
    (
        "submissions_of_user",
        "submissions",
        &["user_id", "submitted_at_ms"],
    ),
    (
        "judgements_waiting",
        "judgements",
        &["state", "class", "queued_at_ms"],
    ),
    ("judgements_of_submission", "judgements", &["submission_id"]),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in tables() {
            manager.create_table(table).await?;
        }
        for (name, table, columns) in INDEXES {
            let mut index = Index::create();
            index.name(name).table(Alias::new(table));
            for column in columns {
                index.col(Alias::new(*column));
            }
            manager.create_index(index.clone()).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TABLES.into_iter().rev() {
            let drop = Table::drop().table(Alias::new(table)).take();
            manager.drop_table(drop).await?;
        }
        Ok(())
    }
}
