/// How the blocks of an ensemble are dealt to the units of parallel work.
enum Lanes {
  /// The most lanes there are, whatever the number of threads.
  static let most = 16

  /// Consecutive blocks, shared out evenly.
  static func deal<Block>(_ blocks: [Block]) -> [[Block]] {
    let count = min(most, blocks.count)
    return (0..<count).map { lane in
      Array(blocks[lane * blocks.count / count..<(lane + 1) * blocks.count / count])
    }
  }
}
