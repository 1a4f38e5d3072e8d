"""What the doctor looks at, one part of the machine a module. Each returns findings and changes nothing."""
