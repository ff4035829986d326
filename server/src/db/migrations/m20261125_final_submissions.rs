//! Which submission somebody has chosen as their final one.

use super::m20261124_first_line::{References, big, table, text};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let finals = table(
            "final_submissions",
            2,
            vec![
                text("user_id"),
                text("slug"),
                text("submission_id"),
                big("chosen_at_ms"),
            ],
        )
        .references("user_id", "users", "id")
        .references("submission_id", "submissions", "id");
        manager.create_table(finals).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let drop = Table::drop().table(Alias::new("final_submissions")).take();
        manager.drop_table(drop).await
    }
}
