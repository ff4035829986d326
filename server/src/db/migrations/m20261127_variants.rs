//! Problems with other numbers for each student: what a version's variants are, and
//! how often somebody asked for the next one.

use super::m20261124_first_line::{References, big, int, table, text};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut variants = ColumnDef::new(Alias::new("variants_json"));
        variants.text().null();
        let alter = Table::alter()
            .table(Alias::new("packs"))
            .add_column(variants)
            .take();
        manager.alter_table(alter).await?;
        let drawn = table(
            "drawn_variants",
            2,
            vec![
                text("user_id"),
                text("slug"),
                int("draws"),
                big("drawn_at_ms"),
            ],
        )
        .references("user_id", "users", "id");
        manager.create_table(drawn).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let drop = Table::drop().table(Alias::new("drawn_variants")).take();
        manager.drop_table(drop).await?;
        let alter = Table::alter()
            .table(Alias::new("packs"))
            .drop_column(Alias::new("variants_json"))
            .take();
        manager.alter_table(alter).await
    }
}
