//! Folders that go away with whoever made them.

use crate::GraderError;
use tempfile::TempDir;

/// # Errors
/// [`GraderError::Store`] where the machine's folder for such things cannot be used.
pub fn temporary_folder() -> Result<TempDir, GraderError> {
    tempfile::tempdir().map_err(|source| GraderError::Store {
        path: std::env::temp_dir(),
        source,
    })
}
