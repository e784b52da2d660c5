import Certificates
import Foundation

// The checker alone: it links exact arithmetic and the proof format, no solver, no network reader, no option parser.

guard CommandLine.arguments.count == 2, !CommandLine.arguments[1].hasPrefix("-") else {
  print("usage: pleat-check CERTIFICATE.json\nPrints 'valid' and exits 0, or what is wrong and where and exits 1.")
  exit(CommandLine.arguments.contains("--help") ? 0 : 2)
}
let path = CommandLine.arguments[1]
guard let data = FileManager.default.contents(atPath: path) else {
  FileHandle.standardError.write(Data("pleat-check: cannot read \(path)\n".utf8))
  exit(2)
}
do {
  let certificate = try FitCertificate(json: data)
  let report = try CertificateChecker().check(certificate)
  print(
    "valid: loss \(certificate.claimedLoss.doubleValue), lower bound \(certificate.lowerBound.doubleValue), \(report)")
} catch {
  print("invalid: \(error)")
  exit(1)
}
