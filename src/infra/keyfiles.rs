//! Key material on disk: files that only their owner may read (0600) in a folder that only its owner may enter (0700).
//!
//! Several instances may share the folder. A file appears whole or not at all, and never replaces another, so that of two
//! instances that start at once the second takes over what the first has made.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretSlice};

use super::random;

/// What the names of keys end with.
const ENDS: [&str; 2] = [".der", ".key"];

/// Longer files are no keys of ours.
const MAX_KEY_BYTES: u64 = 4_096;

/// Why key material cannot be used. The texts say how to mend it and never contain key material.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// The folder or file cannot be made, read or written.
    #[error("cannot use {path} for keys: {source}")]
    Unusable {
        /// The folder or file.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// Others than the owner may read the file.
    #[error("{path} may be read or changed by other accounts of this machine; take that away: chmod go-rwx {path}")]
    Exposed {
        /// The folder or file.
        path: PathBuf,
    },
    /// The file holds something else than the key expected.
    #[error("{path} holds no usable key; restore it, or move it away to have a new one made")]
    Damaged {
        /// The file.
        path: PathBuf,
    },
}

impl KeyFileError {
    fn unusable(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Unusable { path, source }
    }

    pub(super) fn damaged(path: &Path) -> Self {
        Self::Damaged { path: path.to_owned() }
    }

    /// Whether the file is not there.
    pub(super) fn is_absent(&self) -> bool {
        matches!(self, Self::Unusable { source, .. } if source.kind() == io::ErrorKind::NotFound)
    }
}

/// Makes the folder (and those above it), 0700, or checks that no one else can enter the one that is there.
///
/// # Errors
/// When it cannot be made, or others may enter it.
pub(super) fn ensure_folder(folder: &Path) -> Result<(), KeyFileError> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(KeyFileError::unusable(folder))?;
    refuse_exposed(folder, &fs::metadata(folder).map_err(KeyFileError::unusable(folder))?)
}

/// The files of the folder whose name begins with `prefix` and ends with `suffix`, sorted by name.
///
/// # Errors
/// When the folder cannot be read.
pub(super) fn list(folder: &Path, prefix: &str, suffix: &str) -> Result<Vec<PathBuf>, KeyFileError> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(KeyFileError::unusable(folder))? {
        let path = entry.map_err(KeyFileError::unusable(folder))?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if name.starts_with(prefix) && name.ends_with(suffix) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// The bytes of a key file.
///
/// # Errors
/// When it cannot be read, others may read it, or it is too long for a key.
pub(super) fn read(path: &Path) -> Result<SecretSlice<u8>, KeyFileError> {
    let mut file = File::open(path).map_err(KeyFileError::unusable(path))?;
    let metadata = file.metadata().map_err(KeyFileError::unusable(path))?;
    refuse_exposed(path, &metadata)?;
    if metadata.len() > MAX_KEY_BYTES {
        return Err(KeyFileError::damaged(path));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(MAX_KEY_BYTES).unwrap_or_default());
    file.read_to_end(&mut bytes).map_err(KeyFileError::unusable(path))?;
    Ok(bytes.into())
}

/// Writes a key file that survives a power loss. Returns false, and changes nothing, when the file exists already.
///
/// # Errors
/// When it cannot be written.
pub(super) fn create(path: &Path, bytes: &SecretSlice<u8>) -> Result<bool, KeyFileError> {
    let draft = path.with_file_name(format!(".{}.draft", random::alphanumeric(16)));
    let written = write_whole(&draft, bytes.expose_secret()).and_then(|()| give_to_owner_of_folder(&draft));
    let outcome = written.and_then(|()| publish(&draft, path));
    // The draft may not exist; when it cannot be removed it is as well kept as the key itself.
    let _ = fs::remove_file(&draft);
    let made = outcome.map_err(KeyFileError::unusable(path))?;
    if let Some(folder) = path.parent() {
        sync_folder(folder).map_err(KeyFileError::unusable(folder))?;
    }
    Ok(made)
}

/// Removes a key file; another instance may have done so already.
///
/// # Errors
/// When it cannot be removed.
pub(super) fn remove(path: &Path) -> Result<(), KeyFileError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(KeyFileError::unusable(path)(error)),
        _ => Ok(()),
    }
}

/// The key files of a folder with their names, for a backup.
///
/// # Errors
/// When the folder or a file cannot be read, or is open to others.
pub fn all_in(folder: &Path) -> Result<Vec<(String, SecretSlice<u8>)>, KeyFileError> {
    ensure_folder(folder)?;
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    names_in(folder).into_iter().map(|path| Ok((name(&path), read(&path)?))).collect()
}

/// The key files of a folder; none if it is not there.
#[must_use]
pub fn names_in(folder: &Path) -> Vec<PathBuf> {
    let mut files = list(folder, "", "").unwrap_or_default();
    files.retain(|path| path.file_name().and_then(|name| name.to_str()).is_some_and(is_name));
    files
}

/// Writes key files of a backup into a folder, which is made when absent. Files that are there already stay.
///
/// # Errors
/// When a file cannot be written, or has a name that no key of ours has.
pub fn put_into(folder: &Path, files: &[(String, SecretSlice<u8>)]) -> Result<(), KeyFileError> {
    ensure_folder(folder)?;
    for (name, bytes) in files {
        let path = folder.join(name);
        if !is_name(name) {
            return Err(KeyFileError::damaged(&path));
        }
        create(&path, bytes)?;
    }
    Ok(())
}

/// Whether keys have such names: they lead out of no folder.
fn is_name(name: &str) -> bool {
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
    plain && !name.starts_with('.') && ENDS.iter().any(|end| name.ends_with(end))
}

fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// A key that the superuser makes would be of no use to a server that runs as somebody else.
#[cfg(unix)]
fn give_to_owner_of_folder(file: &Path) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, chown};
    let Some(folder) = file.parent() else { return Ok(()) };
    let (own, wanted) = (fs::metadata(file)?, fs::metadata(folder)?);
    if own.uid() == wanted.uid() { Ok(()) } else { chown(file, Some(wanted.uid()), Some(wanted.gid())) }
}

#[cfg(not(unix))]
fn give_to_owner_of_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Gives the finished draft its name, unless that is taken.
fn publish(draft: &Path, path: &Path) -> io::Result<bool> {
    // A link, unlike a rename, fails when the name is taken; but not every file system knows links.
    match fs::hard_link(draft, path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(_) if path.exists() => Ok(false),
        Err(_) => fs::rename(draft, path).map(|()| true),
    }
}

#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn refuse_exposed(path: &Path, metadata: &fs::Metadata) -> Result<(), KeyFileError> {
    use std::os::unix::fs::PermissionsExt;
    const OTHERS: u32 = 0o077;
    match metadata.permissions().mode() & OTHERS {
        0 => Ok(()),
        _ => Err(KeyFileError::Exposed { path: path.to_owned() }),
    }
}

#[cfg(not(unix))]
fn refuse_exposed(_: &Path, _: &fs::Metadata) -> Result<(), KeyFileError> {
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).expect("it exists").permissions().mode() & 0o777
    }

    #[test]
    fn folder_and_files_are_for_their_owner_alone() {
        let home = tempfile::tempdir().expect("a folder");
        let folder = home.path().join("data/keys");
        ensure_folder(&folder).expect("a folder");
        let file = folder.join("some.key");
        assert!(create(&file, &vec![7; 32].into()).expect("a file"));

        assert_eq!(mode(&folder), 0o700);
        assert_eq!(mode(&file), 0o600);
        assert_eq!(read(&file).expect("a key").expose_secret(), [7; 32]);
    }

    #[test]
    fn a_key_is_never_overwritten_and_no_draft_stays_behind() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("some.key");
        assert!(create(&file, &vec![1; 32].into()).expect("the first"));
        assert!(!create(&file, &vec![2; 32].into()).expect("the second"));

        assert_eq!(read(&file).expect("a key").expose_secret(), [1; 32]);
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
    }

    #[test]
    fn a_key_or_folder_open_to_others_is_refused_with_the_command_that_mends_it() {
        let home = tempfile::tempdir().expect("a folder");
        let folder = home.path().join("keys");
        ensure_folder(&folder).expect("a folder");
        let file = folder.join("some.key");
        create(&file, &vec![1; 32].into()).expect("a file");

        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).expect("a change");
        let error = read(&file).expect_err("a refusal").to_string();
        assert!(error.contains(&format!("chmod go-rwx {}", file.display())), "{error}");

        fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).expect("a change");
        assert!(matches!(ensure_folder(&folder), Err(KeyFileError::Exposed { .. })));
    }

    #[test]
    fn a_backup_brings_back_keys_and_nothing_else() {
        let home = tempfile::tempdir().expect("a folder");
        let (folder, other) = (home.path().join("keys"), home.path().join("other"));
        ensure_folder(&folder).expect("a folder");
        create(&folder.join("some.key"), &vec![1; 32].into()).expect("a file");
        fs::write(folder.join("notes.txt"), "").expect("a file");
        let files = all_in(&folder).expect("keys");
        put_into(&other, &files).expect("files");
        assert_eq!((files.len(), mode(&other.join("some.key"))), (1, 0o600));
        for name in ["../some.key", ".key", "a/b.der", "notes.txt", ""] {
            assert!(put_into(&other, &[(name.to_owned(), vec![1].into())]).is_err(), "{name}");
        }
    }

    #[test]
    fn a_file_too_long_for_a_key_is_refused_unread() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("some.key");
        create(&file, &vec![1; 5_000].into()).expect("a file");
        assert!(matches!(read(&file), Err(KeyFileError::Damaged { .. })));
    }
}
