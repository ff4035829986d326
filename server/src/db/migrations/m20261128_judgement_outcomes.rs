//! Judgements say their verdict and score beside the report, so that lists of many
//! need not read every report. Of judgements from before they stay empty: there the
//! report says it.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

fn columns() -> [ColumnDef; 2] {
    let mut verdict = ColumnDef::new(Alias::new("verdict"));
    verdict.text().null();
    let mut score = ColumnDef::new(Alias::new("score_hundredths"));
    score.integer().null();
    [verdict, score]
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in columns() {
            let alter = Table::alter()
                .table(Alias::new("judgements"))
                .add_column(column)
                .take();
            manager.alter_table(alter).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in columns().into_iter().rev() {
            let alter = Table::alter()
                .table(Alias::new("judgements"))
                .drop_column(Alias::new(column.get_column_name()))
                .take();
            manager.alter_table(alter).await?;
        }
        Ok(())
    }
}
