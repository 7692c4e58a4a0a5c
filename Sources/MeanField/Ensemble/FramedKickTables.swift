internal import NumericalKit

/// Tables of kicks in the rows of a frame. `[frame.tables]`
///
/// A row stands for many steps, of which each has its own κ(t, u). So tables of E[kick X] have
/// others beside them, of what E[s_t kick X] exceeds b_t times these by: (1 - b) for a new kick,
/// and r times as much with every step. Of two kicks the younger one counts.
struct FramedKickTables: KickTables {
  let ensemble: MaskedEnsemble
  private(set) var time = 0
  private var plain: Tables
  private var excess: Tables

  /// E[kick ε_r], E[kick 1_a] and E[kick kick], or what these exceed something by.
  private struct Tables: Sendable {
    var noise: RowBlock
    var clusters: RowBlock
    var gram: TwoTimeKernel

    mutating func merge(_ merges: [RowMerge], _ rotation: NoiseRotation) {
      for merge in merges {
        let flat = merge.flat(units: gram.units)
        noise.merge(flat, rows: gram.count)
        clusters.merge(flat, rows: gram.count)
        gram.merge(merge)
      }
      _ = noise.turnColumns(rotation, leading: 0, rows: gram.count)
    }
  }

  /// Tables of up to `rows` rows of a frame.
  init(_ ensemble: MaskedEnsemble, rows: Int) {
    self.ensemble = ensemble
    let (units, shares) = (ensemble.units, ensemble.shares)
    plain = Tables(
      noise: RowBlock(capacity: units * rows, width: units * (rows + 1)),
      clusters: RowBlock(capacity: units * rows, width: shares.count),
      gram: TwoTimeKernel(units: units, capacity: rows, shape: .symmetric))
    excess = plain
  }

  mutating func append(_ targets: KickTargets) {
    let first = plain.gram.count
    let width = plain.noise.width
    func scaled(_ row: [Double], _ factor: Double) -> [Double] { row.map { factor * $0 } }
    let gram = (0..<units).map { k in
      targets.products.kicks[k] + targets.square[k * units..<(k + 1) * units]
    }
    for k in 0..<units {
      let row = targets.products.noise[k]
      let noise = row + [Double](repeating: 0, count: max(0, width - row.count))
      let clusters = targets.products.clusters[k]
      plain.noise.setRow(first + k, to: noise)
      plain.clusters.setRow(first + k, to: clusters)
      excess.noise.setRow(first + k, to: scaled(noise, 1 - density))
      excess.clusters.setRow(first + k, to: scaled(clusters, 1 - density))
    }
    plain.gram.append(gram)
    excess.gram.append(gram.map { scaled($0, 1 - density) })
    // The next step comes.
    let correlation = correlation
    time += 1
    excess.noise.scale(by: correlation)
    excess.clusters.scale(by: correlation)
    excess.gram.scale(rowsFrom: 0, by: correlation)
  }

  mutating func merge(_ merges: [RowMerge], _ rotation: NoiseRotation) {
    plain.merge(merges, rotation)
    excess.merge(merges, rotation)
  }

  func masked(means: [[Double]], smooth: [[Double]], memory: [[Double]]) -> MaskedFields {
    let n = plain.gram.count
    let rows = n + units
    var result = MaskedFields(
      fields: ProductSums(units: units, noiseRows: rows, kickRows: n, clusters: shares.count),
      squares: [Double](repeating: 0, count: units * units),
      kicks: shares.indices.map { a in
        (0..<n).map { density * plain.clusters[$0, a] + excess.clusters[$0, a] }
      })
    for j in 0..<units {
      for (tables, weight) in [(plain, density), (excess, 1)] {
        var onNoise = [Double](repeating: 0, count: tables.noise.width)
        tables.noise.combine(memory[j][...], into: &onNoise)
        for r in 0..<rows { result.fields.noise[j][r] += fieldScale * weight * onNoise[r] }
        var onClusters = [Double](repeating: 0, count: shares.count)
        tables.clusters.combine(memory[j][...], into: &onClusters)
        for a in shares.indices {
          result.fields.clusters[j][a] += fieldScale * weight * onClusters[a]
        }
        var onKicks = tables.gram.multiply(memory[j][...]).map { fieldScale * $0 }
        let field =
          smooth[j].map { fieldScale * $0 }
          + [Double](repeating: 0, count: tables.noise.width - smooth[j].count)
        tables.noise.addProducts(with: field, rows: n, to: &onKicks)
        tables.clusters.addProducts(with: means[j], rows: n, to: &onKicks)
        DenseVector.add(weight, onKicks, to: &result.fields.kicks[j])
      }
      for (r, entry) in smooth[j].enumerated() {
        result.fields.noise[j][r] += fieldScale * density * entry
      }
      for a in shares.indices {
        result.fields.clusters[j][a] += density * shares[a] * means[j][a]
      }
    }
    result.setSquares(means: means, smooth: smooth, memory: memory, fieldScale: fieldScale)
    return result
  }
}
