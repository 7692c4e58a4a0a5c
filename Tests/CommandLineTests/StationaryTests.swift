import Foundation
import TestSupport
import Testing

/// `dmft stationary`, from problem file to result files.
struct StationaryTests {
  @Test func exactStatesAreWritten() throws {
    try withDmft { dmft in
      let outcome = try dmft("stationary", "small.yaml", "--quiet", "--set", "loss.kind=square")
      #expect(outcome.status == 0, "\(outcome.errors)")
      for name in [
        "magnetisation", "norm", "frozen_correlation", "training_loss", "test_loss", "test_error",
        "static_response", "response_time", "correlation_time", "temperature_short",
        "temperature_long", "squared_change",
      ] { #expect(outcome.output.contains("\n\(name) "), "\(name) is missing") }
      #expect(!outcome.output.contains("training_error") && !outcome.output.contains("±"))
      #expect(outcome.output.contains("iterations to a relative residual of"))

      let kernels = CSVText.lines(try dmft.text("runs/small/kernels.csv"))
      #expect(
        kernels[0] == [
          "lag", "time", "correlation", "response", "gradient_covariance", "gradient_response",
        ])
      #expect(kernels[2][0] == "1" && Double(kernels[2][1]) == 0.2)
      #expect(abs((Double(kernels[2][3]) ?? 0) + 0.1) < 1e-12, "R(1) = -ηp")
      let norm = try #require(Double(kernels[1][2]))
      let record = try dmft.text("runs/small/run.yaml")
      #expect(record.contains("  norm: \(norm)\n"))
      for key in ["sites: \"closed\"", "iterations: ", "residual: ", "lags: ", "magnetisation: "] {
        #expect(record.contains("  \(key)"))
      }

      let temperature = CSVText.lines(try dmft.text("runs/small/effective_temperature.csv"))
      #expect(
        temperature[0] == [
          "lag", "time", "integrated_response", "displacement", "fluctuation_dissipation_ratio",
          "effective_temperature",
        ])
      #expect(temperature.count == kernels.count && temperature[1][5].isEmpty)
      #expect(temperature[2][4] == "1.0")
      let displaced = try #require(Double(kernels[4][2])).distance(to: norm)
      #expect(abs((Double(temperature[4][3]) ?? 0) - displaced) < 1e-12)

      let spectra = CSVText.lines(try dmft.text("runs/small/spectra.csv"))
      #expect(
        spectra[0] == [
          "frequency", "correlation", "response_squared", "response_real", "response_imaginary",
          "gradient_covariance", "gradient_response_real", "gradient_response_imaginary",
        ])
      #expect(spectra.count == kernels.count + 1 && spectra[1][0] == "0.0")
      let (re, im) = (Double(spectra[9][3]) ?? 0, Double(spectra[9][4]) ?? 0)
      #expect(abs((Double(spectra[9][2]) ?? 0) - re * re - im * im) < 1e-12)
      #expect(dmft.has("runs/small/figure.svg") == outcome.errors.isEmpty)
      if outcome.errors.isEmpty {
        let drawing = try dmft.text("runs/small/figure.svg")
        for words in ["time lag η τ", "power spectra", "integrated response -Σ R", "|R|²"] {
          #expect(drawing.contains(">\(words)<"), "\(words)")
        }
      }
    }
  }

  @Test func sampledStatesHaveErrors() throws {
    try withDmft { dmft in
      let outcome = try dmft(
        "stationary", "small.yaml", "--quiet", "--set", "weight_decay=1", "--set",
        "theory.trajectories=200")
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output.contains("±") && outcome.output.contains("training_error"))
      #expect(outcome.output.contains("standard errors from 4 independent solves"))
      let kernels = CSVText.lines(try dmft.text("runs/small/kernels.csv"))
      #expect(kernels[0][2] == "correlation" && kernels[0][3] == "correlation_standard_error")
      #expect(kernels[1].count == 10 && (Double(kernels[1][3]) ?? 0) > 0)
      #expect(try dmft.text("runs/small/run.yaml").contains("  norm_standard_error: "))
    }
  }

  @Test func fullBatchesStandStill() throws {
    try withDmft { dmft in
      let outcome = try dmft(
        "stationary", "small.yaml", "--quiet", "--set", "sample_mask={kind: full}")
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output.contains("magnetisation       1.66689"))
      #expect(outcome.output.contains("nothing fluctuates: this is the minimum of the loss"))
      #expect(!outcome.output.contains("temperature_"))
    }
  }

  @Test func whatHasNoSteadyStateIsRefused() throws {
    try withDmft { dmft in
      let outcome = try dmft(
        "stationary", "small.yaml", "--quiet", "--set", "weight_decay=0", "--set",
        "loss.kind=square", "--set", "samples_per_weight=0.5", "--set", "weight_mask={kind: full}")
      #expect(outcome.status == 70)
      #expect(outcome.errorLines.count == 1, "\(outcome.errors)")
      #expect(outcome.errors.contains("no steady state") && outcome.errors.contains("weight_decay"))
      let separable = try dmft("stationary", "small.yaml", "--quiet", "--set", "weight_decay=0")
      #expect(separable.status == 70)
      #expect(separable.errors.contains("up to 6.66282 samples per weight can be separated"))
      let unsupported = try dmft("stationary", "small.yaml", "--set", "update.kind=sign")
      #expect(unsupported.status == 65)
      #expect(unsupported.errors.contains("update sign in a steady state is not supported"))
      #expect(!dmft.has("runs"))
    }
  }
}
