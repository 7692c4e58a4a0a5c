import Experiments
import Foundation
import RunStorage
import Testing

struct GnuplotTests {
  /// Lines, markers with errors, guides both ways, a logarithmic axis, special characters.
  private let plot = Plot(
    [
      Plot.Panel(
        title: "a_b 'c' @d", x: Plot.Axis("x_{eff}", scale: .logarithmic, low: 1, high: 100),
        y: Plot.Axis("50 % & more"),
        series: [
          Plot.Series(
            "curve", colour: "#112233", line: Plot.Line(dash: .dashed),
            points: [Plot.Point(-1, 5), Plot.Point(1, 2, yError: 0.5), Plot.Point(100, 3)]),
          Plot.Series(
            "marks", colour: "#44555a", marker: Plot.Marker(.diamond, size: 1),
            points: [Plot.Point(10, 2.5, xError: 20, yError: 0.25), Plot.Point(20, .nan)]),
          Plot.Series(
            "legend only", colour: "#778899", line: Plot.Line(),
            marker: Plot.Marker(.disc, size: 1),
            points: []),
        ],
        guides: [
          Plot.Guide(.horizontal(2.25), title: "level", line: Plot.Line(dash: .dotted)),
          Plot.Guide(.vertical(50), title: "place", line: Plot.Line()),
        ]),
      Plot.Panel(x: Plot.Axis("nothing"), y: Plot.Axis("nothing"), series: []),
    ], columns: 2, panelWidth: 400, panelHeight: 300, legendWidth: 100)

  private func block(_ name: String, in script: String) throws -> [[Double]] {
    let parts = script.components(separatedBy: "\(name) << EOD\n")
    try #require(parts.count == 2)
    return parts[1].components(separatedBy: "EOD")[0].split(separator: "\n").map {
      $0.split(separator: " ").compactMap { Double($0) }
    }
  }

  /// What has no place on the axes is left out; ends of bars stay positive on a logarithmic axis.
  @Test func theScriptHoldsTheData() throws {
    let script = GnuplotScript(plot).text
    #expect(
      try block("$panel0_0", in: script) == [[1, 2, 1.5, 2.5, 1, 1], [100, 3, 3, 3, 100, 100]])
    #expect(try block("$panel0_1", in: script) == [[10, 2.5, 2.25, 2.75, 0.01, 30]])
    #expect(!script.contains("$panel0_2") && !script.contains("$panel1"))
    #expect(script.contains("svg size 900,300"))
  }

  /// A line has a band, a marker has bars, and each stands in the legend once.
  @Test func errorsAreBandsOrBars() {
    let script = GnuplotScript(plot).text
    #expect(script.contains("$panel0_0 using 1:3:4 with filledcurves lc '#112233'"))
    #expect(!script.contains("$panel0_1 using 1:3:4 with filledcurves"))
    #expect(script.contains("$panel0_1 using 1:3:(0):($4-$3) with vectors"))
    #expect(script.contains("$panel0_1 using 5:2:($6-$5):(0) with vectors"))
    for title in ["curve", "marks", "legend only", "level"] {
      #expect(script.components(separatedBy: "title '\(title)'").count == 2)
    }
    #expect(script.contains("set label 'place' at first 50.0"))
  }

  /// A map of two cells over words and a logarithmic axis, with its bar.
  private var map: Plot {
    var words = Plot.Axis("word", low: 0.5, high: 2.5)
    words.tics = [Plot.Tic(place: 1, text: "full"), Plot.Tic(place: 2, text: "a_b")]
    return Plot(
      [
        Plot.Panel(
          x: words, y: Plot.Axis("number", scale: .logarithmic, low: 0.1, high: 10), series: [],
          legend: .none,
          cells: [
            Plot.Cell(x: 0.5...1.5, y: 0.1...1, value: 2),
            Plot.Cell(x: 1.5...2.5, y: 1...10, value: 20),
          ], colours: Plot.ColourScale("depth", low: 2, high: 20, isLogarithmic: true))
      ], columns: 1, panelWidth: 400, panelHeight: 300, legendWidth: 100)
  }

  @Test func cellsAreRectanglesWithABar() throws {
    let script = GnuplotScript(map).text
    #expect(
      try block("$cells0", in: script) == [
        [0.5, 0.1, 0.5, 1.5, 0.1, 1, 2], [1.5, 1, 1.5, 2.5, 1, 10, 20],
      ])
    #expect(script.contains("set xtics ('full' 1.0, 'a\\_b' 2.0)"))
    #expect(script.contains("set cblabel 'depth'") && script.contains("set logscale cb"))
    #expect(script.contains("set cbrange [2.0:20.0]"))
    #expect(GnuplotScript(plot).text.contains("unset colorbox"))
  }

  @Test func coloursFollowTheScale() {
    let scale = Plot.ColourScale("x", low: 1, high: 100, isLogarithmic: true)
    #expect(scale.colour(of: 1) == "#440154" && scale.colour(of: 100) == "#fde725")
    #expect(scale.colour(of: 10) == "#21908d" && scale.colour(of: 1e9) == "#fde725")
    let linear = Plot.ColourScale("x", low: 0, high: 4, isLogarithmic: false)
    #expect(linear.colour(of: 2) == "#21908d")
  }

  @Test(.enabled(if: Gnuplot.path != nil, "gnuplot is not installed"))
  func aMapIsDrawn() throws {
    try withTemporaryFolder { folder in
      try writing(to: folder) { run in
        let warning = try Gnuplot.draw(map, in: run)
        #expect(warning == nil)
      }
      let drawing = try text("\(folder)/figure.svg")
      for words in ["full", "a_b", "number", "depth"] {
        #expect(drawing.contains(">\(words)<"), "\(words)")
      }
    }
  }

  /// Two decades have tics at 1, 2 and 5, more have powers of ten.
  @Test func logarithmicTicsFitTheRange() {
    #expect(GnuplotScript(plot).text.contains("set xtics (1, 2, 5, 10, 20, 50, 100,"))
    var wide = plot
    wide.panels[0].x.low = 1e-4
    #expect(GnuplotScript(wide).text.contains("set format x '10^{%T}'"))
  }

  @Test func axesFitTheirValues() {
    #expect(
      Plot.Axis("x", fitting: [1, 12])
        == Plot.Axis("x", scale: .logarithmic, low: 1 / 1.2, high: 12 * 1.2))
    #expect(Plot.Axis("x", fitting: [1, 2]) == Plot.Axis("x", low: 0.92, high: 2.08))
    #expect(Plot.Axis("x", fitting: [0, 100]).scale == .linear)
  }

  /// The file holds every text as it was written, and no script is left behind.
  @Test(.enabled(if: Gnuplot.path != nil, "gnuplot is not installed"))
  func theDrawingSaysWhatThePlotSays() throws {
    try withTemporaryFolder { folder in
      try writing(to: folder) { run in
        let warning = try Gnuplot.draw(plot, in: run)
        #expect(warning == nil)
      }
      let drawing = try text("\(folder)/figure.svg")
      #expect(drawing.contains("<svg") && drawing.hasSuffix("</svg>\n\n"))
      for words in ["curve", "marks", "legend only", "level", "place", "a_b 'c' @d", "eff"] {
        #expect(drawing.contains(">\(words)<"), "\(words)")
      }
      #expect(drawing.contains("50 % &amp; more"))
      for colour in [(0x11, 0x22, 0x33), (0x44, 0x55, 0x5a)] {
        #expect(drawing.contains("rgb( \(colour.0),  \(colour.1),  \(colour.2))"))
      }
      let files = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(Set(files) == ["figure.svg", "run.yaml"])
    }
  }

  /// A gnuplot that fails, lies or hangs costs the figure, and not the run.
  @Test(
    .serialized,
    arguments: [
      ("exit 3", "failed with status 3"), ("exit 0", "wrote something else than a whole svg"),
      ("echo hello", "wrote something else"), ("echo '<?xml ?><svg>'", "wrote something else"),
      ("[ \"$*\" = '-d -' ] && exit 6", "failed with status 6"),
      ("kill -9 $$", "failed with status 137"), ("sleep 100", "did not end within 0.5 s"),
      ("yes error | head -c 3000000 >&2; exit 1", "failed with status 1"),
      ("(sleep 100 &) ; exit 4", "failed with status 4"),
    ])
  func aBadGnuplotIsToldApart(_ body: String, _ message: String) throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/gnuplot"
      // Its children have this folder in their environment.
      try "#!/bin/sh\nexport PLACE=\(folder)\n\(body)\n".write(
        toFile: "\(path).txt", atomically: true, encoding: .utf8)
      // Another program writes it: a file that a fork of ours has open for writing is not started.
      try Process.run(
        URL(fileURLWithPath: "/usr/bin/install"), arguments: ["-m", "755", "\(path).txt", path]
      ).waitUntilExit()
      try writing(to: "\(folder)/run") { run in
        let limit = Duration.seconds(body == "sleep 100" ? 0.5 : 10)
        let warning = try Gnuplot.draw(plot, limit: limit, gnuplot: path, in: run)
        #expect(warning?.contains("no figure.svg: \(path) ") == true)
        #expect(warning?.contains(message) == true, "\(warning ?? "")")
        #expect(run.files == [])
        // What it started ends with it.
        if body == "sleep 100" {
          let deadline = Date.now.addingTimeInterval(5)
          while try processes(in: folder) > 0, Date.now < deadline { usleep(1000) }
          let left = try processes(in: folder)
          #expect(left == 0)
        }
      }
    }
  }

  /// A figure in another format is another file, which a later run replaces all the same.
  @Test(
    .enabled(if: Gnuplot.path != nil, "gnuplot is not installed"), arguments: FigureFormat.allCases)
  func everyFormatIsDrawnAndReplaced(_ format: FigureFormat) throws {
    try withTemporaryFolder { folder in
      try writing(to: folder) { run in
        let warning = try Gnuplot.draw(plot, as: format, in: run)
        #expect(warning == nil)
      }
      let data = try #require(FileManager.default.contents(atPath: "\(folder)/\(format.fileName)"))
      let start: [FigureFormat: [UInt8]] = [
        .svg: Array("<?xml".utf8), .pdf: Array("%PDF-".utf8), .png: [0x89] + Array("PNG".utf8),
      ]
      #expect(start[format].map { data.starts(with: $0) } == true)
      try writing(to: folder) { try $0.write("curves.csv", text: "") }
      let files = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(Set(files) == ["curves.csv", "run.yaml"])
    }
  }

  /// How many processes have `folder` in their environment.
  private func processes(in folder: String) throws -> Int {
    try FileManager.default.contentsOfDirectory(atPath: "/proc").count { name in
      guard let data = FileManager.default.contents(atPath: "/proc/\(name)/environ") else {
        return false
      }
      return String(decoding: data, as: UTF8.self).contains("PLACE=\(folder)")
    }
  }
}
