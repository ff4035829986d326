//! The schema in both directions, and writers that do not fail under load.

use super::*;
use sea_orm::{EntityTrait, Iterable, Statement};

async fn database(folder: &tempfile::TempDir) -> Database {
    let url = format!("sqlite://{}?mode=rwc", folder.path().join("t.db").display());
    Database::open(&url).await.unwrap()
}

async fn texts(database: &Database, sql: &str) -> Vec<String> {
    let statement = Statement::from_string(sea_orm::DbBackend::Sqlite, sql);
    let rows = database.read().query_all_raw(statement).await.unwrap();
    let mut texts: Vec<String> = rows
        .iter()
        .map(|row| row.try_get_by_index(0).unwrap())
        .collect();
    texts.sort();
    texts
}

const TABLES: &str =
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'seaql_migrations'";

#[tokio::test]
async fn migrations_go_up_down_and_up_again() {
    let folder = tempfile::tempdir().unwrap();
    let database = database(&folder).await;
    let first = texts(&database, TABLES).await;
    assert_eq!(first.len(), 16, "{first:?}");
    migrations::Migrator::down(database.read(), None)
        .await
        .unwrap();
    assert_eq!(texts(&database, TABLES).await, Vec::<String>::new());
    migrations::Migrator::up(database.read(), None)
        .await
        .unwrap();
    assert_eq!(texts(&database, TABLES).await, first);
    assert!(database.list_pending_migrations().await.unwrap().is_empty());
}

async fn compare<E: EntityTrait>(database: &Database) {
    let table = E::default().table_name().to_owned();
    let sql = format!("SELECT name FROM pragma_table_info('{table}')");
    let mut columns: Vec<String> = E::Column::iter()
        .map(|column| sea_orm::IdenStatic::as_str(&column).to_owned())
        .collect();
    columns.sort();
    assert_eq!(texts(database, &sql).await, columns, "{table}");
}

#[tokio::test]
async fn entities_have_the_columns_of_their_tables() {
    let folder = tempfile::tempdir().unwrap();
    let database = database(&folder).await;
    compare::<entity::user::Entity>(&database).await;
    compare::<entity::admin_link::Entity>(&database).await;
    compare::<entity::session::Entity>(&database).await;
    compare::<entity::refresh_token::Entity>(&database).await;
    compare::<entity::pack::Entity>(&database).await;
    compare::<entity::problem::Entity>(&database).await;
    compare::<entity::submission::Entity>(&database).await;
    compare::<entity::judgement::Entity>(&database).await;
    compare::<entity::subtask_result::Entity>(&database).await;
    compare::<entity::drawn_variant::Entity>(&database).await;
    compare::<entity::draft::Entity>(&database).await;
    compare::<entity::opened_hint::Entity>(&database).await;
    compare::<entity::rejudge::Entity>(&database).await;
    compare::<entity::final_submission::Entity>(&database).await;
    compare::<entity::upload::Entity>(&database).await;
}

#[tokio::test]
async fn every_connection_has_the_settings_that_durability_needs() {
    let folder = tempfile::tempdir().unwrap();
    let database = database(&folder).await;
    let journal = texts(&database, "SELECT journal_mode FROM pragma_journal_mode").await;
    assert_eq!(journal, ["wal"]);
    for (pragma, value) in [("synchronous", "2"), ("foreign_keys", "1")] {
        let sql = format!("SELECT CAST({pragma} AS TEXT) FROM pragma_{pragma}");
        assert_eq!(texts(&database, &sql).await, [value], "{pragma}");
    }
}

/// Two processes' worth of writers that read before they write: with deferred
/// transactions some of them fail at once.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn writers_that_read_first_all_get_their_turn() {
    let folder = tempfile::tempdir().unwrap();
    let (one, other) = (database(&folder).await, database(&folder).await);
    let mut writers = tokio::task::JoinSet::new();
    for at in 0..40 {
        let database = if at % 2 == 0 { &one } else { &other }.clone();
        writers.spawn(async move {
            let txn = database.begin_write().await?;
            let hash = format!("{at}");
            if !admin_links::exists(&*txn, &hash).await? {
                admin_links::create(&*txn, &hash, at).await?;
            }
            txn.commit().await
        });
    }
    while let Some(written) = writers.join_next().await {
        written.unwrap().unwrap();
    }
    let count = texts(&one, "SELECT CAST(COUNT(*) AS TEXT) FROM admin_links").await;
    assert_eq!(count, ["40"]);
}

#[tokio::test]
async fn a_transaction_that_is_dropped_leaves_nothing_and_the_next_may_begin() {
    let folder = tempfile::tempdir().unwrap();
    let database = database(&folder).await;
    let txn = database.begin_write().await.unwrap();
    admin_links::create(&*txn, "gone", 1).await.unwrap();
    drop(txn);
    let txn = database.begin_write().await.unwrap();
    assert!(!admin_links::exists(&*txn, "gone").await.unwrap());
    txn.commit().await.unwrap();
}
