//! Packs that coaches sent, with what came of them.

use super::m20261124_first_line::{References, big, big_null, int, table, text, text_null};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let uploads = table(
            "uploads",
            1,
            vec![
                text("id"),
                text("author_id"),
                text("file_name"),
                big("bytes"),
                text_null("wanted_slug"),
                big("created_at_ms"),
                text("state"),
                big_null("ended_at_ms"),
                text_null("slug"),
                text_null("pack_hash"),
                text_null("refusal_json"),
                text_null("proof_json"),
                int("sealed"),
                text_null("incident"),
            ],
        )
        .references("author_id", "users", "id");
        manager.create_table(uploads).await?;
        let mut index = Index::create();
        index
            .name("uploads_by_time")
            .table(Alias::new("uploads"))
            .col(Alias::new("created_at_ms"));
        manager.create_index(index).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let drop = Table::drop().table(Alias::new("uploads")).take();
        manager.drop_table(drop).await
    }
}
