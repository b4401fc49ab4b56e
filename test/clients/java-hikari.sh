# Hikari, a pool over sqlite-jdbc: the switch among its data source properties, the load as connectionInitSql.
. "$(dirname "$0")/common"
need javac
need mvn
cat >pom.xml <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>x</groupId><artifactId>x</artifactId><version>1</version>
<dependencies><dependency><groupId>org.xerial</groupId><artifactId>sqlite-jdbc</artifactId><version>3.46.1.3</version></dependency>
<dependency><groupId>com.zaxxer</groupId><artifactId>HikariCP</artifactId><version>5.1.0</version></dependency>
<dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>1.7.36</version></dependency></dependencies></project>
XML
mvn -q -B dependency:copy-dependencies -DoutputDirectory=jars >mvn.log 2>&1 || lacks "maven: $(grep ERROR mvn.log | head -n 1)"
orders
cat >Pool.java <<'JAVA'
import com.zaxxer.hikari.*;
import java.sql.*;
public class Pool {
  public static void main(String[] a) throws Exception {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl("jdbc:sqlite:orders.db");
    config.addDataSourceProperty("enable_load_extension", "true");
    config.setConnectionInitSql("SELECT load_extension('" + a[0] + "')");
    config.setMaximumPoolSize(3);
    try (HikariDataSource pool = new HikariDataSource(config)) {
      Connection[] c = { pool.getConnection(), pool.getConnection(), pool.getConnection() };
      for (Connection one : c) {
        ResultSet r = one.createStatement().executeQuery("SELECT gmv(amount), arppu(customer, amount) FROM orders");
        if (r.getLong(1) != 25000 || r.getDouble(2) != 12500.0) throw new Exception("not 25000, 12500.0");
        one.close();
      }
    }
  }
}
JAVA
javac -cp "jars/*" Pool.java
java -cp "jars/*:." Pool "$SIYU"
