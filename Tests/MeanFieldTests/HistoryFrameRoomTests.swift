import MeanField
import NumericalKit
import Testing

/// How many rows a frame of the past has. `[frame.rows]`
@Suite("Frame of the past: rows")
struct HistoryFrameRoomTests {
  @Test("there is room for blocks of four functions at least")
  func room() {
    func most(_ degree: Int) -> Int {
      let resolution = HistoryFrame.Resolution(width: 4, degree: degree, tolerance: 1e-9)
      return HistoryFrame(resolution, steps: 5000).mostRows
    }
    #expect(most(2) == most(4) && most(3) == most(4) && most(5) > most(4))
  }

  @Test("rows never exceed what is foreseen, which grows with the logarithm of the steps")
  func mostRows() {
    for resolution in HistoryFrame.resolutions {
      for steps in [1, 5, 30, 100, 1000, 10_000, 100_000]
      where steps < 20_000 || resolution.width == 4 {
        for pins in [1, 4] {
          var most = 0
          let frame = HistoryFrame.after(
            steps, resolution, pinned: Set((0..<pins).map { $0 * steps / pins }),
            pushed: { most = max(most, $0) })
          let foreseen = frame.mostRows
          #expect(most <= foreseen, "\(resolution), \(steps) steps, \(pins) pins")
          #expect(foreseen <= steps + 1)
          #expect(steps < 1000 || foreseen < 5 * most / 2, "\(foreseen) for \(most)")
        }
      }
    }
  }

  @Test("blocks keep all of a signal that is noise, as far as there is room")
  func noise() {
    var stream = RandomStream(seed: 3, purpose: .fieldNoise)
    let resolution = HistoryFrame.Resolution(width: 3, degree: 2, tolerance: 1e-9)
    var frame = HistoryFrame(resolution, steps: 600)
    let least = HistoryFrame(
      HistoryFrame.Resolution(width: 3, degree: 2), steps: 600
    ).mostRows
    var (signal, most) = ([Double](), 0)
    for _ in 0..<600 {
      signal.append(stream.normal())
      frame.push()
      most = max(most, frame.rows)
      while let merge = frame.merge([signal]) { signal = merge.applied(to: signal) }
    }
    #expect(most > least + 5 && most <= frame.mostRows, "\(least) < \(most) <= \(frame.mostRows)")
    #expect(frame.largestLoss > 0.1)
    #expect(signal.count == frame.rows)
  }

  @Test("rows of waiting times, pinned in pairs, never exceed what is foreseen")
  func pairs() {
    for resolution in HistoryFrame.resolutions {
      for waiting in [[1], [10, 100, 1000], [3, 5, 7, 9, 300, 301, 304, 2998]] {
        var most = 0
        let frame = HistoryFrame.after(
          3000, resolution, pinned: Set(waiting.flatMap { [$0, $0 + 1] } + [0]),
          pushed: { most = max(most, $0) })
        #expect(most <= frame.mostRows, "\(resolution), \(waiting)")
      }
    }
  }
}
