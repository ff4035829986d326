//! Hints that were opened.

use super::m20261124_first_line::{References, big, int, table, text};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let hints = table(
            "opened_hints",
            3,
            vec![
                text("user_id"),
                text("slug"),
                int("number"),
                text("pack_hash"),
                int("cost_hundredths"),
                big("opened_at_ms"),
            ],
        )
        .references("user_id", "users", "id");
        manager.create_table(hints).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let drop = Table::drop().table(Alias::new("opened_hints")).take();
        manager.drop_table(drop).await
    }
}
