from siyu.cli import main

raise SystemExit(main())
