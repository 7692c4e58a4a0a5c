internal import CSystem
internal import Foundation

/// An open folder: what is done through it reaches the same folder even if it is moved or renamed.
///
/// Every call throws `POSIXError`. Names may contain `/`; links are not followed except by `init`.
final class Folder: Sendable {
  private let descriptor: Int32

  /// Opens the folder at `path`, through links.
  init(_ path: String) throws {
    descriptor = try checked(unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC))
  }

  private init(descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }

  /// Opens a folder inside.
  func folder(_ name: String) throws -> Folder {
    let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW
    return Folder(descriptor: try checked(unsafe openat(descriptor, name, flags)))
  }

  /// Makes a folder inside, with the standard permissions.
  func makeFolder(_ name: String) throws {
    _ = try checked(unsafe mkdirat(descriptor, name, 0o777))
  }

  /// Opens a file inside for writing, made or emptied.
  func openFile(_ name: String) throws -> OpenFile {
    let flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW
    return OpenFile(descriptor: try checked(unsafe openat(descriptor, name, flags, 0o666)))
  }

  /// Opens a file inside for reading and writing, made if it is not there.
  func openLock(_ name: String) throws -> OpenFile {
    let flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW
    return OpenFile(descriptor: try checked(unsafe openat(descriptor, name, flags, 0o666)))
  }

  /// A file without a name, for reading and writing, which goes away when it is closed.
  ///
  /// It is called `name` for a moment, which nothing else may be.
  func scratchFile(_ name: String = ".scratch") throws -> FileHandle {
    let flags = O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW
    let descriptor = try checked(unsafe openat(self.descriptor, name, flags, 0o600))
    try removeFile(name)
    return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }

  /// Gives a file of another folder the same name here: a second name, or a copy where the file
  /// system has one name per file.
  func link(_ name: String, of other: Folder) throws {
    guard unsafe linkat(other.descriptor, name, descriptor, name, 0) != 0 else { return }
    let source = try checked(unsafe openat(other.descriptor, name, O_RDONLY | O_CLOEXEC))
    let reader = FileHandle(fileDescriptor: source, closeOnDealloc: true)
    let copy = try openFile(name)
    while let block = try reader.read(upToCount: 1 << 20), !block.isEmpty {
      try copy.append(Array(block))
    }
  }

  /// Removes a file.
  func removeFile(_ name: String) throws { _ = try checked(unsafe unlinkat(descriptor, name, 0)) }

  /// Removes an empty folder.
  func removeFolder(_ name: String) throws {
    _ = try checked(unsafe unlinkat(descriptor, name, AT_REMOVEDIR))
  }

  /// Gives another name to what is inside; what had it is lost, if it is a file or an empty folder.
  func rename(_ name: String, to other: String) throws {
    _ = try checked(unsafe renameat(descriptor, name, descriptor, other))
  }

  /// Gives a name that nothing has; throws `EEXIST` if something has it.
  func renameToNew(_ name: String, _ other: String) throws {
    _ = try checked(unsafe rename_new(descriptor, name, other))
  }

  /// Exchanges two names in one step.
  func exchange(_ name: String, _ other: String) throws {
    _ = try checked(unsafe exchange_names(descriptor, name, other))
  }

  /// Sends the names inside to the disk.
  func synchronize() throws { _ = try checked(fsync(descriptor)) }

  /// What is at `name` without following links; nil if there is nothing.
  func identity(_ name: String) throws -> FileIdentity? {
    var status = stat()
    let result = unsafe fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW)
    if result != 0, errno == ENOENT { return nil }
    _ = try checked(result)
    return FileIdentity(status)
  }

  /// Which folder this is.
  func identity() throws -> FileIdentity { try FileIdentity(descriptor: descriptor) }

  /// Gives it the permissions of another folder.
  func takePermissions(of other: Folder) throws {
    _ = try checked(fchmod(descriptor, try other.identity().permissions))
  }

  /// Bytes that are free on its disk for users.
  var freeBytes: Double? {
    var status = statvfs()
    guard unsafe fstatvfs(descriptor, &status) == 0 else { return nil }
    return Double(status.f_bavail) * Double(status.f_frsize)
  }

  /// All files and folders inside at any depth, folders after what they contain, each sorted.
  func contents() throws -> (files: [String], folders: [String]) {
    var files: [String] = []
    var folders: [String] = []
    for name in try names().sorted() {
      if try identity(name)?.isFolder == true {
        let inside = try folder(name).contents()
        files += inside.files.map { "\(name)/\($0)" }
        folders += inside.folders.map { "\(name)/\($0)" } + [name]
      } else {
        files.append(name)
      }
    }
    return (files, folders)
  }

  /// The text of a file inside; nil if it cannot be read as UTF-8.
  func text(_ name: String) -> String? {
    let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW
    guard let descriptor = try? checked(unsafe openat(descriptor, name, flags)) else { return nil }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    return (try? handle.readToEnd()).flatMap { String(data: $0, encoding: .utf8) }
  }

  private func names() throws -> [String] {
    let copy = try checked(unsafe openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC))
    guard let stream = unsafe fdopendir(copy) else { throw POSIXError.current }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
        unsafe String(cString: UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self))
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }
}

/// A file open for writing; closed when nobody refers to it.
final class OpenFile: Sendable {
  /// Its number in this process.
  let descriptor: Int32

  init(descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }

  /// Appends bytes.
  func append(_ bytes: [UInt8]) throws {
    var written = 0
    while written < bytes.count {
      let count = unsafe bytes.withUnsafeBytes {
        unsafe write(
          descriptor, $0.baseAddress.map { unsafe $0 + written }, bytes.count - written)
      }
      if count < 0, errno == EINTR { continue }
      written += try checked(count)
    }
  }

  /// Sends its bytes to the disk.
  func synchronize() throws { _ = try checked(fsync(descriptor)) }

  /// Takes the lock of the kernel that one process at a time can have; false if another has it.
  ///
  /// File systems without such locks let everyone pass.
  func lock() throws -> Bool {
    if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
    switch errno {
    case EWOULDBLOCK: return false
    case ENOLCK, ENOTSUP, EINVAL, ENOSYS: return true
    default: throw POSIXError.current
    }
  }

  /// Gives the lock back.
  func unlock() { flock(descriptor, LOCK_UN) }

  /// Which file this is.
  func identity() throws -> FileIdentity { try FileIdentity(descriptor: descriptor) }

  /// Empties the file.
  func empty() throws { _ = try checked(ftruncate(descriptor, 0)) }
}

/// The path without links, `.` and `..` of something that exists; nil if it does not.
func realPath(_ path: String) -> String? {
  guard let resolved = unsafe realpath(path, nil) else { return nil }
  defer { unsafe free(resolved) }
  return unsafe String(cString: resolved)
}

/// Which file or folder something is, and of what kind.
struct FileIdentity: Sendable, Equatable {
  /// The file system it is on.
  let device: UInt64
  private let number: UInt64
  /// Whether it is a folder.
  let isFolder: Bool
  /// Who may read, write and enter.
  let permissions: mode_t

  /// What is at `path`, through links; nil if there is nothing.
  init?(path: String) {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    self.init(status)
  }

  fileprivate init(_ status: stat) {
    device = UInt64(status.st_dev)
    number = UInt64(status.st_ino)
    isFolder = status.st_mode & S_IFMT == S_IFDIR
    permissions = status.st_mode & 0o7777
  }

  fileprivate init(descriptor: Int32) throws {
    var status = stat()
    _ = try checked(unsafe fstat(descriptor, &status))
    self.init(status)
  }

  /// Same file, whatever its permissions.
  static func == (left: FileIdentity, right: FileIdentity) -> Bool {
    left.device == right.device && left.number == right.number
  }
}

extension POSIXError {
  /// That of `errno`.
  fileprivate static var current: POSIXError { POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
}

/// The result of a system call; throws if it is negative.
private func checked<Result: SignedInteger>(_ result: Result) throws -> Result {
  guard result >= 0 else { throw POSIXError.current }
  return result
}
