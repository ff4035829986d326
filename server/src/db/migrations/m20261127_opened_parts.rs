//! Problems whose part B is open.

use super::m20261124_first_line::{References, big, table, text};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let opened = table(
            "opened_parts",
            1,
            vec![text("slug"), text("opened_by"), big("opened_at_ms")],
        )
        .references("opened_by", "users", "id");
        manager.create_table(opened).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let drop = Table::drop().table(Alias::new("opened_parts")).take();
        manager.drop_table(drop).await
    }
}
