//! Pack versions have a status, judgements name the version they judge by, and
//! rejudges are kept with what they would change.
//!
//! Only expands: what was installed before counts as shipped and published, and
//! judgements from before get the version of their submission.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

/// Table, column, and whether it may be null; text that may not is given a default.
enum Kind {
    Text(&'static str),
    TextNull,
    Flag,
    BigNull,
}

const COLUMNS: [(&str, &str, Kind); 10] = [
    ("packs", "status", Kind::Text("published")),
    ("packs", "origin", Kind::Text("shipped")),
    ("packs", "author_id", Kind::TextNull),
    ("packs", "published_at_ms", Kind::BigNull),
    ("packs", "withdrawn_at_ms", Kind::BigNull),
    ("packs", "proof_json", Kind::TextNull),
    ("judgements", "pack_hash", Kind::Text("")),
    ("judgements", "rejudge_id", Kind::TextNull),
    ("judgements", "held", Kind::Flag),
    ("judgements", "before_id", Kind::TextNull),
];

fn column(name: &'static str, kind: &Kind) -> ColumnDef {
    let mut column = ColumnDef::new(Alias::new(name));
    match kind {
        Kind::Text(default) => column.text().not_null().default(*default),
        Kind::TextNull => column.text().null(),
        Kind::Flag => column.integer().not_null().default(0),
        Kind::BigNull => column.big_integer().null(),
    };
    column
}

fn rejudges() -> TableCreateStatement {
    let text = |name| ColumnDef::new(Alias::new(name)).text().not_null().take();
    let mut id = text("id");
    id.primary_key();
    Table::create()
        .table(Alias::new("rejudges"))
        .col(id)
        .col(text("slug"))
        .col(text("pack_hash"))
        .col(ColumnDef::new(Alias::new("author_id")).text().null())
        .col(
            ColumnDef::new(Alias::new("created_at_ms"))
                .big_integer()
                .not_null(),
        )
        .col(text("state"))
        .col(
            ColumnDef::new(Alias::new("ended_at_ms"))
                .big_integer()
                .null(),
        )
        .take()
}

const INDEXES: [(&str, &str, &[&str]); 3] = [
    ("packs_of_problem", "packs", &["slug", "installed_at_ms"]),
    (
        "submissions_of_problem",
        "submissions",
        &["slug", "submitted_at_ms"],
    ),
    ("judgements_of_rejudge", "judgements", &["rejudge_id"]),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, name, kind) in &COLUMNS {
            let alter = Table::alter()
                .table(Alias::new(*table))
                .add_column(column(name, kind))
                .take();
            manager.alter_table(alter).await?;
        }
        manager.create_table(rejudges()).await?;
        for (name, table, columns) in INDEXES {
            let mut index = Index::create();
            index.name(name).table(Alias::new(table));
            for column in columns {
                index.col(Alias::new(*column));
            }
            manager.create_index(index).await?;
        }
        let fill = "UPDATE judgements SET pack_hash = (SELECT s.pack_hash FROM submissions s \
                    WHERE s.id = judgements.submission_id)";
        let db = manager.get_connection();
        db.execute_unprepared(fill).await?;
        db.execute_unprepared("UPDATE packs SET published_at_ms = installed_at_ms")
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (name, table, _) in INDEXES {
            let mut drop = Index::drop();
            drop.name(name).table(Alias::new(table));
            manager.drop_index(drop).await?;
        }
        let drop = Table::drop().table(Alias::new("rejudges")).take();
        manager.drop_table(drop).await?;
        for (table, name, _) in COLUMNS.iter().rev() {
            let alter = Table::alter()
                .table(Alias::new(*table))
                .drop_column(Alias::new(*name))
                .take();
            manager.alter_table(alter).await?;
        }
        Ok(())
    }
}
