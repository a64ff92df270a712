fn main() {
    let mut files = vec![];
    for p in std::env::args().skip(1) {
        files.push(podwire::source::SourceFile::new(p.clone(), std::fs::read(&p).unwrap()));
    }
    let a = podwire::analysis::analyze(files, None);
    let d = podwire::diagram::lay_out(&a.cluster, &a.wiring, &a.findings);
    eprintln!("{} crossings {}x{}", d.crossings, d.width, d.height);
    for f in &a.findings {
        eprintln!("{:?} {}", f.severity, f.message);
    }
    println!("{}", podwire::render::svg::standalone(&d));
}
