"""The registers, sổ đăng ký văn bản đến / đi: rows, series, numbers, what a manifest says, and searching in them."""
